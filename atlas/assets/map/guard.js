atlasSorry=()=>document.body.innerHTML=`<p role=alert><button onclick=location.reload()>__TEXT__</button>`;addEventListener(`error`,e=>`async`in e.target&&atlasSorry(),1)
